#include "event/field.h"

#include <algorithm>

namespace luy::event {
namespace {

using enum FieldType;

constexpr std::array<FieldInfo, field_count> table{{
    {Field::timestamp, "@timestamp", time,
     "Thời điểm xảy ra, theo chính bản ghi; nếu bản ghi không có thì là lúc nhận.",
     "When it happened, as the record says; the time of receipt where it says nothing."},
    {Field::message, "message", text, "Nội dung cho người đọc.", "What a person reads."},
    {Field::event_kind, "event.kind", text,
     "Loại: event, state (trạng thái máy), pipeline_error (không hiểu được dòng).",
     "event, state (a machine's state), or pipeline_error (nobody understands the line)."},
    {Field::event_category, "event.category", text, "Nhóm: authentication, session, iam, process, package, network…",
     "authentication, session, iam, process, package, network, …"},
    {Field::event_type, "event.type", text, "Dạng: start, end, info, change, creation, deletion, installation, denied…",
     "start, end, info, change, creation, deletion, installation, denied, …"},
    {Field::event_action, "event.action", text, "Việc đã xảy ra, ví dụ ssh_login_failed.",
     "What was done, for example ssh_login_failed."},
    {Field::event_outcome, "event.outcome", text, "Kết quả: success, failure hoặc unknown.",
     "success, failure or unknown."},
    {Field::event_reason, "event.reason", text, "Lý do, theo lời chương trình.", "Why, in the program's own words."},
    {Field::event_code, "event.code", text, "Mã sự kiện của nguồn, ví dụ EventID của Windows.",
     "The source's own code, for example the EventID of Windows."},
    {Field::event_severity, "event.severity", integer, "Mức nghiêm trọng theo nguồn (syslog: 0 nặng nhất, 7 nhẹ nhất).",
     "Severity as the source counts it (syslog: 0 worst, 7 least)."},
    {Field::event_dataset, "event.dataset", text, "Loại nhật ký, ví dụ dpkg.log, system.auth, luy.fact.updates.",
     "Kind of log, for example dpkg.log, system.auth, luy.fact.updates."},
    {Field::event_provider, "event.provider", text, "Chương trình hoặc bộ phận ghi sự kiện.",
     "Program or part that wrote the event."},
    {Field::event_ingested, "event.ingested", time, "Lúc máy chủ nhận bản ghi.", "When the hub received the record."},
    {Field::log_level, "log.level", text, "Mức của dòng nhật ký, ví dụ error, warning.",
     "Level of the line, for example error, warning."},
    {Field::log_file_path, "log.file.path", text, "Tệp nhật ký chứa dòng này.", "The log file that holds the line."},
    {Field::log_syslog_priority, "log.syslog.priority", integer, "Số ưu tiên syslog (RFC 5424, 6.2.1).",
     "Syslog priority (RFC 5424, 6.2.1)."},
    {Field::log_syslog_facility_code, "log.syslog.facility.code", integer, "Số nhóm syslog.",
     "Syslog facility, number."},
    {Field::log_syslog_facility_name, "log.syslog.facility.name", text, "Tên nhóm syslog.", "Syslog facility, name."},
    {Field::log_syslog_severity_code, "log.syslog.severity.code", integer, "Số mức syslog.",
     "Syslog severity, number."},
    {Field::log_syslog_severity_name, "log.syslog.severity.name", text, "Tên mức syslog.", "Syslog severity, name."},
    {Field::log_syslog_appname, "log.syslog.appname", text, "Tên chương trình trong đầu bản ghi syslog.",
     "Program in the syslog header."},
    {Field::log_syslog_procid, "log.syslog.procid", text, "Số tiến trình trong đầu bản ghi syslog.",
     "Process in the syslog header."},
    {Field::log_syslog_msgid, "log.syslog.msgid", text, "Loại thông điệp syslog.", "Syslog message id."},
    {Field::log_syslog_structured_data, "log.syslog.structured_data", text,
     "Dữ liệu có cấu trúc của RFC 5424, nguyên văn; từng tham số nằm trong labels.",
     "Structured data of RFC 5424 as it stands; its parameters are among the labels."},
    {Field::host_name, "host.name", text, "Tên máy, theo chính bản ghi.", "The machine's name, as the record says."},
    {Field::source_ip, "source.ip", address, "Địa chỉ nơi kết nối đến.", "Address of the one who connects."},
    {Field::source_domain, "source.domain", text, "Tên miền nơi kết nối đến.", "Name of the one who connects."},
    {Field::source_port, "source.port", integer, "Cổng nguồn.", "Source port."},
    {Field::source_mac, "source.mac", text, "Địa chỉ MAC nguồn.", "Source MAC address."},
    {Field::source_country, "source.geo.country_name", text,
     "Nước của địa chỉ nguồn, nếu thiết bị ghi nhật ký cho biết.",
     "Country of the source, where the device that logs says so."},
    {Field::destination_ip, "destination.ip", address, "Địa chỉ đích.", "Destination address."},
    {Field::destination_domain, "destination.domain", text, "Tên miền đích.", "Destination name."},
    {Field::destination_port, "destination.port", integer, "Cổng đích.", "Destination port."},
    {Field::network_transport, "network.transport", text, "Giao thức vận chuyển: tcp, udp, icmp.",
     "Transport protocol: tcp, udp, icmp."},
    {Field::network_protocol, "network.protocol", text, "Giao thức ứng dụng, ví dụ ssh.",
     "Application protocol, for example ssh."},
    {Field::network_direction, "network.direction", text, "Chiều: ingress (vào) hoặc egress (ra).",
     "ingress or egress."},
    {Field::network_bytes, "network.bytes", integer, "Số byte đã truyền theo cả hai chiều.",
     "Bytes in both directions."},
    {Field::observer_interface, "observer.ingress.interface.name", text, "Giao diện mạng nhận gói tin.",
     "Network interface that received the packet."},
    {Field::observer_egress, "observer.egress.interface.name", text, "Giao diện mạng gửi gói tin đi.",
     "Network interface that sends the packet."},
    {Field::observer_vendor, "observer.vendor", text, "Hãng của thiết bị mạng ghi nhật ký.",
     "Vendor of the network device that logs."},
    {Field::observer_product, "observer.product", text, "Sản phẩm, dòng thiết bị ghi nhật ký.", "Product that logs."},
    {Field::rule_name, "rule.name", text, "Luật hoặc chính sách của thiết bị đã áp dụng.",
     "Rule or policy the device applied."},
    {Field::user_name, "user.name", text, "Người dùng thực hiện.", "The user who acts."},
    {Field::user_id, "user.id", text, "Mã người dùng thực hiện.", "Id of the user who acts."},
    {Field::user_target_name, "user.target.name", text, "Người dùng bị tác động.", "The user acted upon."},
    {Field::user_target_id, "user.target.id", text, "Mã người dùng bị tác động.", "Id of the user acted upon."},
    {Field::user_effective_name, "user.effective.name", text, "Người dùng được mượn quyền (sudo, su).",
     "The user whose rights are taken (sudo, su)."},
    {Field::group_name, "group.name", text, "Nhóm người dùng.", "Group of users."},
    {Field::group_id, "group.id", text, "Mã nhóm người dùng.", "Id of the group."},
    {Field::process_name, "process.name", text, "Tên tiến trình.", "Process name."},
    {Field::process_pid, "process.pid", integer, "Số tiến trình.", "Process id."},
    {Field::process_executable, "process.executable", text, "Tệp chương trình.", "Path of the program."},
    {Field::process_command_line, "process.command_line", text, "Dòng lệnh đầy đủ.", "The whole command line."},
    {Field::process_working_directory, "process.working_directory", text, "Thư mục làm việc.", "Working directory."},
    {Field::process_exit_code, "process.exit_code", integer, "Mã kết thúc.", "Exit code."},
    {Field::process_parent_name, "process.parent.name", text, "Tên tiến trình cha.", "Parent process name."},
    {Field::process_parent_pid, "process.parent.pid", integer, "Số tiến trình cha.", "Parent process id."},
    {Field::process_parent_executable, "process.parent.executable", text, "Tệp chương trình của tiến trình cha.",
     "Path of the parent's program."},
    {Field::process_parent_command_line, "process.parent.command_line", text, "Dòng lệnh của tiến trình cha.",
     "The parent's command line."},
    {Field::service_name, "service.name", text, "Dịch vụ, ví dụ đơn vị systemd ssh.service.",
     "Service, for example the systemd unit ssh.service."},
    {Field::package_name, "package.name", text, "Gói phần mềm.", "Software package."},
    {Field::package_version, "package.version", text, "Phiên bản gói sau thay đổi.", "Its version after the change."},
    {Field::package_architecture, "package.architecture", text, "Kiến trúc của gói.", "Its architecture."},
    {Field::file_path, "file.path", text, "Tệp liên quan.", "The file concerned."},
    {Field::url_original, "url.original", text, "Địa chỉ được yêu cầu, nguyên văn.",
     "What was asked for, as it stands."},
    {Field::url_domain, "url.domain", text, "Tên miền của trang web được yêu cầu.", "The site asked for."},
    {Field::url_path, "url.path", text, "Đường dẫn, không có phần sau dấu hỏi.",
     "Path, without what follows the question mark."},
    {Field::url_query, "url.query", text, "Phần sau dấu hỏi.", "What follows the question mark."},
    {Field::http_request_method, "http.request.method", text, "Phương thức HTTP, ví dụ GET.",
     "HTTP method, for example GET."},
    {Field::http_request_referrer, "http.request.referrer", text, "Trang dẫn đến yêu cầu.", "Page that led here."},
    {Field::http_response_status, "http.response.status_code", integer, "Mã trả lời HTTP.", "HTTP status."},
    {Field::http_response_bytes, "http.response.body.bytes", integer, "Số byte của nội dung trả lời.",
     "Bytes of the answer's body."},
    {Field::http_version, "http.version", text, "Phiên bản HTTP.", "HTTP version."},
    {Field::user_agent, "user_agent.original", text, "Trình duyệt hoặc chương trình gửi yêu cầu.",
     "Browser or program that asked."},
    {Field::dns_question_name, "dns.question.name", text, "Tên miền được hỏi.", "Name asked of DNS."},
    {Field::dns_question_type, "dns.question.type", text, "Loại bản ghi DNS được hỏi.", "Type asked of DNS."},
    {Field::email_from, "email.from.address", text, "Địa chỉ thư người gửi.", "Sender of the mail."},
    {Field::email_to, "email.to.address", text, "Địa chỉ thư người nhận.", "Recipient of the mail."},
    {Field::error_code, "error.code", text, "Mã lỗi.", "Code of the error."},
    {Field::error_message, "error.message", text, "Vì sao không hiểu được bản ghi, hoặc lỗi được báo.",
     "Why the record could not be understood, or the error it reports."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].field) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table must follow the order of Field");

// Indexes of the table sorted by name.
constexpr std::array<std::uint8_t, field_count> by_name = [] {
  std::array<std::uint8_t, field_count> out{};
  for (std::size_t i = 0; i < field_count; ++i) out[i] = static_cast<std::uint8_t>(i);
  std::sort(out.begin(), out.end(), [](auto a, auto b) { return table[a].name < table[b].name; });
  return out;
}();

constexpr std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::text:
      return "text";
    case FieldType::integer:
      return "integer";
    case FieldType::address:
      return "IP address";
    case FieldType::time:
      return "time";
  }
  return "";
}

constexpr std::string_view introduction = R"(# Fields of the normalised event

Generated from `src/event/field.cc`; do not edit. Renew with `LUY_UPDATE=1 build/dev/src/event/event_test`.

Names follow the Elastic Common Schema 8.11. The event is derived: it is made from the record's bytes whenever
somebody looks, and never stored; the evidence is the bytes. A line that no parser understands is kept with its
bytes as `message` and `event.kind` = `pipeline_error`.

What a record says beyond these fields is kept under `labels.<name>`, with the name the source gave it.

| field | type | tiếng Việt | English |
|---|---|---|---|
)";

}  // namespace

const std::array<FieldInfo, field_count>& fields() {
  return table;
}

const FieldInfo& info_of(Field field) {
  return table[static_cast<std::size_t>(field)];
}

std::optional<Field> field_from_name(std::string_view name) {
  const auto found = std::lower_bound(by_name.begin(), by_name.end(), name,
                                      [](auto index, std::string_view wanted) { return table[index].name < wanted; });
  if (found == by_name.end() || table[*found].name != name) return std::nullopt;
  return table[*found].field;
}

std::string fields_markdown() {
  std::string out(introduction);
  for (const FieldInfo& info : table) {
    out.append("| `").append(info.name).append("` | ").append(type_name(info.type)).append(" | ");
    out.append(info.vi).append(" | ").append(info.en).append(" |\n");
  }
  return out;
}

}  // namespace luy::event
