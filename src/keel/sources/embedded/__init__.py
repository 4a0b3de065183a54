"""What comes with Keel: the sample, the templates, the worked example."""
