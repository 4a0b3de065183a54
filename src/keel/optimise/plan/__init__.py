"""Plans as programmes: linear and with whole numbers, solved by HiGHS."""
