// The fields of the normalised event: the one table that names, types and explains them. Names are those of the Elastic
// Common Schema 8.11, so that rules and people from elsewhere find what they know. docs/format/event-fields.md is
// generated from it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luy::event {

// The order is the order of the table and of keys in JSON.
enum class Field : std::uint8_t {
  timestamp,
  message,
  event_kind,
  event_category,
  event_type,
  event_action,
  event_outcome,
  event_reason,
  event_code,
  event_severity,
  event_dataset,
  event_provider,
  event_ingested,
  log_level,
  log_file_path,
  log_syslog_priority,
  log_syslog_facility_code,
  log_syslog_facility_name,
  log_syslog_severity_code,
  log_syslog_severity_name,
  log_syslog_appname,
  log_syslog_procid,
  log_syslog_msgid,
  log_syslog_structured_data,
  host_name,
  source_ip,
  source_domain,
  source_port,
  source_mac,
  source_country,
  destination_ip,
  destination_domain,
  destination_port,
  network_transport,
  network_protocol,
  network_direction,
  network_bytes,
  observer_interface,
  observer_egress,
  observer_vendor,
  observer_product,
  rule_name,
  user_name,
  user_id,
  user_target_name,
  user_target_id,
  user_effective_name,
  group_name,
  group_id,
  process_name,
  process_pid,
  process_executable,
  process_command_line,
  process_working_directory,
  process_exit_code,
  process_parent_name,
  process_parent_pid,
  process_parent_executable,
  process_parent_command_line,
  service_name,
  package_name,
  package_version,
  package_architecture,
  file_path,
  url_original,
  url_domain,
  url_path,
  url_query,
  http_request_method,
  http_request_referrer,
  http_response_status,
  http_response_bytes,
  http_version,
  user_agent,
  dns_question_name,
  dns_question_type,
  email_from,
  email_to,
  error_code,
  error_message,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::error_message) + 1;

enum class FieldType : std::uint8_t {
  text,
  integer,  // 64 bits, signed; a bare number in JSON.
  address,  // IPv4 or IPv6 in text form.
  time,     // RFC 3339, UTC. Not among an event's values: Event::time and Event::received.
};

struct FieldInfo {
  Field field;
  std::string_view name;
  FieldType type;
  std::string_view vi;
  std::string_view en;
};

// In the order of Field.
const std::array<FieldInfo, field_count>& fields();
const FieldInfo& info_of(Field field);
std::optional<Field> field_from_name(std::string_view name);

// The whole text of docs/format/event-fields.md.
std::string fields_markdown();

}  // namespace luy::event
