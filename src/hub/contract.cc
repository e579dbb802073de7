#include "hub/contract.h"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <set>

#include "base/file.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

std::string str(json::string_view view) {
  return std::string(view.data(), view.size());
}

// YAML's core schema for plain scalars, as far as JSON has the types; quoted scalars are text.
json::value scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return json::value(text);
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (text == "true") return true;
  if (text == "false") return false;
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (const auto parsed = std::from_chars(text.data(), end, whole); parsed.ec == std::errc() && parsed.ptr == end) {
    return whole;
  }
  double real = 0;
  if (const auto parsed = std::from_chars(text.data(), end, real); parsed.ec == std::errc() && parsed.ptr == end) {
    return real;
  }
  return json::value(text);
}

Result<json::value> to_json(const YAML::Node& node, std::size_t depth) {
  if (depth > contract_depth_max) return Error(contract_invalid, "nested too deeply");
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    json::array out;
    for (const YAML::Node& item : node) {
      LUY_TRY(json::value value, to_json(item, depth + 1));
      out.push_back(std::move(value));
    }
    return json::value(std::move(out));
  }
  if (node.IsMap()) {
    json::object out;
    for (const auto& pair : node) {
      const std::string key = pair.first.Scalar();
      LUY_TRY(json::value value, to_json(pair.second, depth + 1));
      if (!out.emplace(key, std::move(value)).second) {
        return Error(contract_invalid, "line " + std::to_string(pair.first.Mark().line + 1) + ": twice " + key);
      }
    }
    return json::value(std::move(out));
  }
  return json::value(nullptr);
}

std::optional<api::Method> method_from(std::string_view name) {
  if (name == "get") return api::Method::get;
  if (name == "post") return api::Method::post;
  if (name == "put") return api::Method::put;
  if (name == "patch") return api::Method::patch;
  if (name == "delete") return api::Method::del;
  return std::nullopt;
}

const json::object* object_at(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr ? value->if_object() : nullptr;
}

std::string text_at(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? str(value->get_string()) : std::string();
}

const json::value* json_schema_of(const json::object& with_content) {
  const json::object* content = object_at(with_content, "content");
  const json::object* media = content != nullptr ? object_at(*content, "application/json") : nullptr;
  return media != nullptr ? media->if_contains("schema") : nullptr;
}

Result<void> check_parameter(const Parameter& parameter, const std::string& text) {
  const std::string place = (parameter.in_path ? "path." : "query.") + parameter.name;
  json::value value(text);
  if (parameter.schema->takes_integer()) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end)
      return Error(api::bad_request, place + ": phải là số nguyên", place + ": must be a whole number");
    value = number;
  }
  if (auto fault = parameter.schema->fault(value, place)) return Error(api::bad_request, fault->vi, fault->en);
  return {};
}

}  // namespace

Contract::Contract() = default;
Contract::~Contract() = default;

Result<std::unique_ptr<Contract>> Contract::load(const std::filesystem::path& file) {
  LUY_TRY(const std::string yaml, read_file(file, contract_bytes_max));
  auto contract = parse(yaml);
  if (!contract) return Error(contract_invalid, file.string() + ": " + contract.error().detail());
  return contract;
}

Result<std::unique_ptr<Contract>> Contract::parse(const std::string& yaml) {
  std::unique_ptr<Contract> contract(new Contract);
  try {
    LUY_TRY(contract->document_, to_json(YAML::Load(yaml), 0));
    contract->schemas_ = std::make_unique<SchemaSet>(contract->document_);
    LUY_TRY_VOID(contract->read());
  } catch (const YAML::Exception& error) {
    return Error(contract_invalid, error.what());
  } catch (const std::exception& error) {  // Boost.JSON's as_…(): a value of another type than expected.
    return Error(contract_invalid, error.what());
  }
  return contract;
}

Result<const json::value*> Contract::resolve(const json::value& value) const {
  const json::value* reference = value.is_object() ? value.get_object().if_contains("$ref") : nullptr;
  if (reference == nullptr) return &value;
  const std::string text = str(reference->as_string());
  boost::system::error_code error;
  const json::value* found = text.starts_with("#/") ? document_.find_pointer(text.substr(1), error) : nullptr;
  if (found == nullptr) return Error(contract_invalid, "there is no " + text);
  return found;
}

Result<void> Contract::read() {
  const json::object* root = document_.if_object();
  const json::object* paths = root != nullptr ? object_at(*root, "paths") : nullptr;
  if (paths == nullptr) return Error(contract_invalid, "no paths");
  for (const auto& [path, methods] : *paths) {
    for (const auto& [method, operation] : methods.as_object()) {
      LUY_TRY_VOID(read_operation(str(path), str(method), operation.as_object()));
    }
  }
  return {};
}

Result<void> Contract::read_operation(const std::string& path, const std::string& method, const json::object& text) {
  const auto known = method_from(method);
  Operation operation;
  operation.id = text_at(text, "operationId");
  operation.path = path;
  operation.action = text_at(text, "x-action");
  if (!known || operation.id.empty()) return Error(contract_invalid, path + ": " + method);
  operation.method = *known;
  const json::value* security = text.if_contains("security");
  operation.open = security != nullptr && security->as_array().empty();
  if (const json::value* parameters = text.if_contains("parameters")) {
    for (const json::value& parameter : parameters->as_array()) LUY_TRY_VOID(read_parameter(operation, parameter));
  }
  if (const json::object* body = object_at(text, "requestBody")) {
    const json::value* schema = json_schema_of(*body);
    const json::object* content = object_at(*body, "content");
    operation.text_body = schema == nullptr && content != nullptr && content->contains("text/plain");
    if (schema == nullptr && !operation.text_body) return Error(contract_invalid, operation.id + ": requestBody");
    if (schema != nullptr) {
      LUY_TRY(operation.body, schemas_->compile(*schema, operation.id));
    }
    const json::value* required = body->if_contains("required");
    operation.body_required = schema != nullptr && required != nullptr && required->as_bool();
  }
  LUY_TRY_VOID(read_responses(operation, text));
  const std::string id = operation.id;
  if (!operations_.emplace(id, std::move(operation)).second) return Error(contract_invalid, "twice " + id);
  return {};
}

Result<void> Contract::read_parameter(Operation& operation, const json::value& text) {
  LUY_TRY(const json::value* resolved, resolve(text));
  const json::object& object = resolved->as_object();
  Parameter parameter;
  parameter.name = text_at(object, "name");
  const std::string in = text_at(object, "in");
  parameter.in_path = in == "path";
  const json::value* required = object.if_contains("required");
  parameter.required = required != nullptr && required->as_bool();
  const json::value* schema = object.if_contains("schema");
  if (parameter.name.empty() || schema == nullptr || (in != "path" && in != "query")) {
    return Error(contract_invalid, operation.id + ": parameter " + parameter.name);
  }
  LUY_TRY(parameter.schema, schemas_->compile(*schema, operation.id + "." + parameter.name));
  operation.parameters.push_back(std::move(parameter));
  return {};
}

Result<void> Contract::read_responses(Operation& operation, const json::object& text) {
  const json::object* responses = object_at(text, "responses");
  if (responses == nullptr) return Error(contract_invalid, operation.id + ": responses");
  for (const auto& [status, response] : *responses) {
    LUY_TRY(const json::value* resolved, resolve(response));
    const json::value* schema = json_schema_of(resolved->as_object());
    const Schema* compiled = nullptr;
    if (schema != nullptr) {
      LUY_TRY(compiled, schemas_->compile(*schema, operation.id + "." + str(status)));
    }
    operation.responses.emplace(status == "default" ? 0 : std::stoi(str(status)), compiled);
  }
  return {};
}

const Operation* Contract::find(std::string_view operation_id) const {
  const auto found = operations_.find(operation_id);
  return found != operations_.end() ? &found->second : nullptr;
}

Result<void> Contract::check_request(const Operation& operation, const api::Request& request) const {
  std::set<std::string_view> known;
  for (const Parameter& parameter : operation.parameters) {
    const auto& given = parameter.in_path ? request.path_params : request.query;
    if (!parameter.in_path) known.insert(parameter.name);
    const auto value = given.find(parameter.name);
    if (value != given.end()) {
      LUY_TRY_VOID(check_parameter(parameter, value->second));
    } else if (parameter.required) {
      const std::string place = "query." + parameter.name;
      return Error(api::bad_request, place + ": còn thiếu", place + ": is missing");
    }
  }
  for (const auto& [name, value] : request.query) {
    if (known.contains(name)) continue;
    const std::string place = "query." + name.substr(0, 60);
    return Error(api::bad_request, place + ": không có trong quy định", place + ": is not known");
  }
  if (operation.body == nullptr) {
    if (!request.body.is_null())
      return Error(api::bad_request, "body: yêu cầu này không có nội dung", "body: none is expected");
    return {};
  }
  if (request.body.is_null() && !operation.body_required) return {};
  if (auto fault = operation.body->fault(request.body, "")) return Error(api::bad_request, fault->vi, fault->en);
  return {};
}

std::optional<std::string> Contract::response_fault(const Operation& operation, const api::Response& response) const {
  auto found = operation.responses.find(response.status);
  if (found == operation.responses.end() && response.status >= 400) found = operation.responses.find(0);
  if (found == operation.responses.end())
    return "status " + std::to_string(response.status) + " is not in the contract";
  if (found->second == nullptr) return std::nullopt;
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  const json::value body = json::parse(response.body, error, {}, options);
  if (error) return "body is not JSON";
  const auto fault = found->second->fault(body, "");
  return fault ? std::optional(fault->en) : std::nullopt;
}

std::vector<std::string> differences(const std::vector<api::Route>& routes, const Contract& contract) {
  std::vector<std::string> out;
  std::set<std::string_view> routed;
  for (const api::Route& route : routes) {
    routed.insert(route.operation_id);
    const Operation* operation = contract.find(route.operation_id);
    if (operation == nullptr) {
      out.push_back("route " + route.operation_id + " is not in the contract");
      continue;
    }
    if (operation->method != route.method || operation->path != route.pattern) {
      out.push_back(route.operation_id + ": method or path differ");
    }
    if (operation->action != directory::name_of(route.action)) out.push_back(route.operation_id + ": action differs");
    if (operation->open != (route.access == api::Access::open)) out.push_back(route.operation_id + ": access differs");
  }
  for (const auto& [id, operation] : contract.operations()) {
    if (!routed.contains(id)) out.push_back("operation " + id + " has no route");
    if (!directory::action_from_name(operation.action)) out.push_back(id + ": unknown action " + operation.action);
  }
  return out;
}

}  // namespace luy::hub
