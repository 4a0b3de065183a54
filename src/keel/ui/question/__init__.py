"""The form of a question: window, prices and run settings, the same on every page that asks one."""
