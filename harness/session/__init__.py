"""The session stack: link, route, protection and xDLMS, each layer replaceable."""
