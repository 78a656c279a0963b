output "bucket_name" {
  description = "The data bucket."
  value       = module.bucket.name
}

output "bucket_arn" {
  description = "ARN of the data bucket."
  value       = module.bucket.arn
}

output "dims_path" {
  description = "Folder of the dimension files: TACHO_PRODUCER_DIMS and TACHO_ENRICHER_DIMS."
  value       = "s3://${module.bucket.name}/data/dims"
}

output "car_models_path" {
  description = "Folder of the car models' CSV."
  value       = "s3://${module.bucket.name}/data/dims/car_models/"
}

output "car_colors_path" {
  description = "Folder of the car colours' CSV."
  value       = "s3://${module.bucket.name}/data/dims/car_colors/"
}

output "vpc_id" {
  description = "The VPC."
  value       = module.network.vpc_id
}

output "vpc_cidr" {
  description = "IPv4 range of the VPC."
  value       = var.vpc_cidr
}

output "availability_zones" {
  description = "Zones of the private subnets, in order."
  value       = var.availability_zones
}

output "private_subnet_ids" {
  description = "Private subnets in the order of the zones."
  value       = module.network.private_subnet_ids
}

output "private_route_table_ids" {
  description = "Their route tables, in the same order."
  value       = module.network.private_route_table_ids
}

output "kafka_client_security_group_id" {
  description = "Security group of whatever uses Kafka; MSK admits it."
  value       = module.network.kafka_client_security_group_id
}

output "repository_urls" {
  description = "Where each image is pushed, by image."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}

output "ecs_cluster_arn" {
  description = "ECS cluster of the services."
  value       = aws_ecs_cluster.this.arn
}

output "ecs_cluster_name" {
  description = "Its name."
  value       = aws_ecs_cluster.this.name
}

output "log_group_name" {
  description = "Log group of the services."
  value       = aws_cloudwatch_log_group.services.name
}

output "log_group_arn" {
  description = "Its ARN."
  value       = aws_cloudwatch_log_group.services.arn
}

output "registry_name" {
  description = "Glue registry with the published contracts."
  value       = module.registry.name
}

output "registry_arn" {
  description = "Its ARN."
  value       = module.registry.arn
}
