"""Whether what separates two policies is luck."""
