"""The timetable: what falls due is looked for here, and handed to the services. Holds no state of its own."""
