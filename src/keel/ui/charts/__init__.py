"""Keel's figures: arrays in, plotly figure out. No Streamlit, no I/O, no clock.

``tokens`` colours, template, margins · ``series`` arrays prepared · ``slots`` a bucket's colour · then one file
a picture.
Weights, drift and returns are fractions; axes and hover text show percent or percentage points (pp).
"""
