"""What is done with orders: issued with a plan (`issue`), read with all that goes with them (`read`), acknowledged."""

from opsplan.orders.service.acknowledge import acknowledge_order
from opsplan.orders.service.issue import issue_orders
from opsplan.orders.service.read import read_country_sheet, read_unit_sheet, sheets_of_units

__all__ = ["acknowledge_order", "issue_orders", "read_country_sheet", "read_unit_sheet", "sheets_of_units"]
