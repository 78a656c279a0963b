variable "name" {
  description = "Name of the registry."
  type        = string
}

variable "description" {
  description = "What the registry is, for whoever finds it in the console."
  type        = string
}

variable "schemas" {
  description = "First version of each record's Avro schema, as text, by record name."
  type        = map(string)

  validation {
    condition     = alltrue([for text in values(var.schemas) : can(jsondecode(text).fields)])
    error_message = "Every schema is an Avro record in JSON."
  }
}
