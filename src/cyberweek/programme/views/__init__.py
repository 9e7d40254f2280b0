"""The programme's pages: `public` for everybody, `feeds` for calendars, `desk`, `registering` and `importing` for organisers."""
