"""The web server: waitress in one or more processes, with limits for slow clients, and a parent that replaces the processes one by one."""
