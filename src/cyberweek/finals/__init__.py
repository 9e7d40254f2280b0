"""The live stage final in a hall: rules, events, buzzers, and its four screens."""
