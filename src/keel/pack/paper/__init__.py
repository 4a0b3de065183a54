"""The paper: sections as blocks of text, tables and pictures, and the library that sets them."""
