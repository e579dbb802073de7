// api/openapi.yaml at run time: every request is checked against it before a handler sees it, and, where asked, every
// response too. Immutable once loaded, so any thread may use it.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "base/result.h"
#include "hub/schema.h"

namespace luy::hub {

inline constexpr std::size_t contract_bytes_max = 2 << 20;
inline constexpr std::size_t contract_depth_max = 40;

struct Parameter {
  std::string name;
  bool in_path = false;
  bool required = false;
  const Schema* schema = nullptr;
};

struct Operation {
  std::string id;
  api::Method method = api::Method::get;
  std::string path;    // As in the file: "/api/v1/devices/{device}".
  std::string action;  // x-action.
  bool open = false;   // "security: []": no session.
  std::vector<Parameter> parameters;
  const Schema* body = nullptr;
  bool body_required = false;
  bool text_body = false;                  // text/plain, without a schema: whoever handles it reads it.
  std::map<int, const Schema*> responses;  // 0 = default; a null schema: no JSON body.
};

class Contract {
 public:
  // Errors: file errors; contract_invalid with the place.
  static Result<std::unique_ptr<Contract>> load(const std::filesystem::path& file);
  static Result<std::unique_ptr<Contract>> parse(const std::string& yaml);
  ~Contract();

  const Operation* find(std::string_view operation_id) const;
  const std::map<std::string, Operation, std::less<>>& operations() const { return operations_; }

  // Parameters (an unknown one is refused) and body. Errors: api.bad_request naming the place.
  Result<void> check_request(const Operation& operation, const api::Request& request) const;
  // What is wrong with an answer, for the log; nullopt when nothing is.
  std::optional<std::string> response_fault(const Operation& operation, const api::Response& response) const;

 private:
  Contract();
  Result<void> read();
  Result<void> read_operation(const std::string& path, const std::string& method, const boost::json::object& text);
  Result<void> read_parameter(Operation& operation, const boost::json::value& text);
  Result<void> read_responses(Operation& operation, const boost::json::object& text);
  Result<const boost::json::value*> resolve(const boost::json::value& value) const;

  boost::json::value document_;
  std::unique_ptr<SchemaSet> schemas_;
  std::map<std::string, Operation, std::less<>> operations_;
};

// What differs between the routes, the contract and the policy table, one sentence each; empty when they agree.
std::vector<std::string> differences(const std::vector<api::Route>& routes, const Contract& contract);

}  // namespace luy::hub
