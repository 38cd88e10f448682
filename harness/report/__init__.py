"""Reports: run folder, Allure, traceability and pages."""
