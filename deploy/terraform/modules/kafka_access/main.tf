# What a service may do on Kafka, read from the catalogue that the topic tool, the docs and the tests read too. Makes no
# resource: the caller puts the statements into its own role.

locals {
  catalogue = yamldecode(file("${path.module}/../../../../schemas/asyncapi.yaml"))
  topics    = sort([for channel in values(local.catalogue.channels) : channel.address])
  # The operator at the command line makes the topics and looks into all of them; puts an archive back into the log,
  # publishes rules, acknowledges episodes, switches faults.
  operator = var.service == "operator"

  own = [for operation in values(local.catalogue.operations) : operation if operation["x-service"] == var.service]
  named = {
    for action in ["send", "receive"] : action => sort(distinct([
      for operation in local.own :
      local.catalogue.channels[trimprefix(operation.channel["$ref"], "#/channels/")].address if operation.action == action
    ]))
  }
  written = local.named.send
  read    = local.operator ? local.topics : local.named.receive
  created = local.operator ? local.topics : []
  # The log must keep an archive's old records: `tacho replay --extend-retention`.
  altered = local.operator ? [local.catalogue.channels["sensors-sample"].address] : []
}
