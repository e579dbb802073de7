#include "api/directory_api_parts.h"

#include "base/encoding.h"

namespace luy::api {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Directory;

namespace {

const value* member(const Request& request, std::string_view name) {
  const object* body = request.body.if_object();
  const value* found = body == nullptr ? nullptr : body->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

}  // namespace

Result<std::string> body_text(const Request& request, std::string_view name) {
  const value* found = member(request, name);
  if (found == nullptr || !found->is_string()) return Error(bad_request, std::string(name));
  return std::string(found->as_string());
}

Result<std::optional<std::string>> body_maybe_text(const Request& request, std::string_view name) {
  if (member(request, name) == nullptr) return std::optional<std::string>();
  LUY_TRY(std::string text, body_text(request, name));
  return std::optional<std::string>(std::move(text));
}

Result<std::optional<Day>> body_maybe_day(const Request& request, std::string_view name) {
  LUY_TRY(const auto text, body_maybe_text(request, name));
  if (!text) return std::optional<Day>();
  const auto day = day_from_iso(*text);
  if (!day) return Error(bad_request, std::string(name));
  return day;
}

value time_or_null(const std::optional<Time>& time) {
  return time ? value(to_rfc3339(*time)) : value(nullptr);
}

value day_or_null(const std::optional<Day>& day) {
  return day ? value(to_iso(*day)) : value(nullptr);
}

directory::Object own_object(const Request& request) {
  directory::Object self;
  if (request.actor) self.account = request.actor->account;
  return self;
}

Result<array> grants_json(const Directory& directory, const std::vector<directory::Grant>& grants) {
  array out;
  for (const directory::Grant& grant : grants) {
    LUY_TRY(const directory::Agency agency, directory.agencies().find(grant.agency));
    object line;
    line["role"] = name_of(grant.role);
    line["agency"] = grant.agency.text();
    line["agency_name"] = agency.name;
    line["valid_from"] = grant.valid_from == Day{} ? value(nullptr) : value(to_iso(grant.valid_from));
    line["valid_to"] = day_or_null(grant.valid_to);
    line["delegated_by"] = grant.delegated_by ? value(grant.delegated_by->text()) : value(nullptr);
    out.push_back(std::move(line));
  }
  return out;
}

Result<object> account_json(const Directory& directory, const directory::Account& account) {
  object line;
  line["id"] = account.id.text();
  line["agency"] = account.agency.text();
  line["username"] = account.username;
  line["display_name"] = account.display_name;
  line["enabled"] = account.enabled;
  line["must_change_password"] = account.must_change_password;
  line["last_sign_in"] = time_or_null(account.last_sign_in);
  line["person"] = {{"id", account.person.text()}, {"name", account.display_name}};
  line["sealed"] = account.sealed;
  // A sealed password is never another one than that of its envelope.
  line["sealed_at"] = account.sealed ? value(to_rfc3339(account.password_set_at)) : value(nullptr);
  line["password_set_at"] = to_rfc3339(account.password_set_at);
  line["one_time_until"] = time_or_null(account.one_time_until);
  line["second_factor"] = account.second_factor;
  LUY_TRY(line["grants"], grants_json(directory, account.grants));
  return line;
}

Result<value> person_json(const Directory& directory, const std::optional<AccountId>& account) {
  if (!account) return value(nullptr);
  LUY_TRY(const directory::Account found, directory.accounts().find(*account));
  return value(object{{"id", found.id.text()}, {"name", found.display_name}});
}

Result<value> person_json(const Directory& directory, const std::string& username) {
  if (username.empty()) return value(nullptr);
  LUY_TRY(const directory::Account found, directory.accounts().find_by_username(username));
  return value(object{{"id", found.id.text()}, {"name", found.display_name}});
}

Response proposed_response(const directory::Proposed& proposed, value password) {
  object body{{"done", proposed.done}};
  body["act"] = proposed.waiting ? value(proposed.waiting->text()) : value(nullptr);
  body["one_time_password"] = std::move(password);
  return json(std::move(body), proposed.done ? 200 : 202);
}

Result<directory::SheetFormat> sheet_format(const Request& request) {
  const auto format = directory::sheet_format_from_name(request.param("format").value_or("csv"));
  if (!format) return Error(bad_request, "format");
  return *format;
}

Response sheet_response(directory::SheetFormat format, std::string bytes) {
  if (format == directory::SheetFormat::csv) return json(object{{"csv", std::move(bytes)}});
  return json(object{{"xlsx", to_base64(bytes)}});
}

Result<SheetBody> sheet_body(const Request& request) {
  LUY_TRY(const auto csv, body_maybe_text(request, "csv"));
  LUY_TRY(const auto xlsx, body_maybe_text(request, "xlsx"));
  LUY_TRY(const auto page, body_maybe_text(request, "sheet"));
  if (csv.has_value() == xlsx.has_value()) return Error(bad_request, "csv, xlsx");
  if (csv) return SheetBody{directory::SheetFormat::csv, *csv, {}};
  auto bytes = from_base64(*xlsx);
  if (!bytes) return Error(bad_request, "xlsx");
  return SheetBody{directory::SheetFormat::xlsx, *std::move(bytes), page.value_or("")};
}

Result<directory::Preview> preview_of(const Request& request) {
  const std::string given = request.param("preview").value_or("false");
  if (given != "true" && given != "false") return Error(bad_request, "preview");
  return given == "true" ? directory::Preview::yes : directory::Preview::no;
}

object sheet_json(const directory::ImportedSheet& sheet) {
  array lines;
  for (const directory::SheetLine& line : sheet.lines) {
    lines.push_back({{"line", line.line},
                     {"code", line.code},
                     {"name", line.name},
                     {"does", name_of(line.does)},
                     {"text", {{"vi", line.vi}, {"en", line.en}}}});
  }
  return {{"lines", std::move(lines)}, {"refused", sheet.refused}, {"applied", sheet.applied}};
}

Handler directory_handler(Directory& directory, DirectoryFunction function) {
  return [&directory, function](const Request& request) { return function(directory, request); };
}

}  // namespace luy::api
