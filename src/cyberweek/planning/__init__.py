"""The unified plan and the tasks that it makes."""
