# A published copy of the contracts, for people and for tools that speak Glue. Nothing reads it at run time.

resource "aws_glue_registry" "this" {
  registry_name = var.name
  description   = var.description
}

resource "aws_glue_schema" "this" {
  for_each = var.schemas

  registry_arn      = aws_glue_registry.this.arn
  schema_name       = each.key
  data_format       = "AVRO"
  compatibility     = "FULL_ALL"
  schema_definition = each.value

  lifecycle {
    # Made with the first version; `tacho aws schemas` registers the later ones, in order. Terraform would compare
    # the newest with this one and register the first again.
    ignore_changes = [schema_definition]
  }
}
