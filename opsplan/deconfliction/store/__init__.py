"""The statements of deconfliction: of claims and what comes of them (`claims`), of actions' footprints (`actions`)."""
