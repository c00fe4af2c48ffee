"""The pipeline: what is placed and not yet delivered, as SQL for statements of other apps."""

SQL = """
    SELECT NULL::bigint AS line_id, NULL::text AS order_number, NULL::bigint AS material_id, NULL::bigint AS site_id,
           NULL::date AS promised_on, NULL::bigint AS on_order_mg WHERE false
"""
