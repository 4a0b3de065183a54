"""What can be wrong with a framework, each finding with its fixes."""
