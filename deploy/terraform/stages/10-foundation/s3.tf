# The one data bucket:
#   data/dims/…  checkpoints/…  artifacts/enricher/<version>/…  control/enricher/stop  archive/sensors-sample/…  logs/…

locals {
  dims = "${path.module}/../../../../data/dims"
  # data/dims/cars is made by the cars generator on each side for itself.
  dims_files = toset(concat([
    for folder in ["car_models", "car_colors", "drivetrains"] : [for name in fileset(local.dims, "${folder}/*.csv") : name]
  ]...))
}

module "bucket" {
  source = "../../modules/bucket"

  name        = "${local.prefix}-data-${var.account_id}"
  partition   = var.partition
  disposable  = var.disposable
  expire_days = { "logs/" = 30 }
}

resource "aws_s3_object" "dims" {
  for_each = local.dims_files

  bucket       = module.bucket.name
  key          = "data/dims/${each.key}"
  source       = "${local.dims}/${each.key}"
  source_hash  = filesha256("${local.dims}/${each.key}")
  content_type = "text/csv"
  # An object is encrypted by the bucket's default; said again so that no client's default can undo it.
  server_side_encryption = "AES256"
}
