"""The daily service-to-service traffic report, with Spark."""
