// Whatever is sent as a body: checking it against a schema with every keyword ends with an answer.
#include <boost/json.hpp>
#include <cstdint>

#include "base/check.h"
#include "hub/contract.h"

namespace {

constexpr const char* contract_text = R"(
openapi: 3.1.0
paths:
  /x:
    post:
      operationId: post
      x-action: session_use
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}}
      responses: {"204": {description: done}}
components:
  schemas:
    Node:
      type: object
      additionalProperties: false
      required: [name]
      properties:
        name: {type: string, minLength: 1, maxLength: 20, pattern: "^([a-z]+)+$"}
        at: {type: string, format: date-time}
        day: {type: [string, "null"], format: date}
        number: {type: number, minimum: -5, maximum: 5}
        seq: {oneOf: [{type: integer, minimum: 0}, {type: "null"}]}
        kind: {type: string, enum: [a, b]}
        nodes: {type: array, maxItems: 3, items: {$ref: "#/components/schemas/Node"}}
        more: {type: object, additionalProperties: {type: boolean}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto contract = std::move(luy::hub::Contract::parse(contract_text).value());
  boost::system::error_code error;
  luy::api::Request request;
  request.body = boost::json::parse(boost::json::string_view(reinterpret_cast<const char*>(data), size), error);
  if (error) return 0;
  const auto checked = contract->check_request(*contract->find("post"), request);
  if (checked) {
    LUY_CHECK(request.body.is_object() && request.body.get_object().contains("name"));
  }
  return 0;
}
