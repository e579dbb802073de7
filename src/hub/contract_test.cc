// Goal: the contract accepts what it describes and names the place of everything else; the file we ship compiles.
#include "hub/contract.h"

#include <gtest/gtest.h>

#include "base/source_dir.h"

namespace luy::hub {
namespace {

const std::string small = R"(
openapi: 3.1.0
paths:
  /things/{thing}:
    post:
      operationId: makeThing
      x-action: session_use
      parameters:
        - {name: thing, in: path, required: true, schema: {$ref: "#/components/schemas/Id"}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 5}}
        - {name: at, in: query, required: true, schema: {type: string, format: date-time}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
      responses:
        "201": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
        "204": {description: none}
        default: {description: error, content: {application/json: {schema: {type: object}}}}
components:
  schemas:
    Id: {type: string, pattern: "^[a-z]+$", maxLength: 8}
    Thing:
      type: object
      additionalProperties: false
      required: [name, kind]
      properties:
        name: {type: string, minLength: 1, maxLength: 4}
        kind: {type: string, enum: [one, two]}
        until: {type: [string, "null"], format: date}
        weight: {type: number, minimum: 0}
        on: {type: boolean}
        parts: {type: array, minItems: 1, maxItems: 2, items: {$ref: "#/components/schemas/Thing"}}
        seq: {oneOf: [{type: integer, minimum: 0}, {type: "null"}]}
        tags: {type: object, additionalProperties: {type: string}}
)";

struct ContractTest : ::testing::Test {
  std::unique_ptr<Contract> contract = std::move(Contract::parse(small).value());
  const Operation& operation = *contract->find("makeThing");
  api::Request request(const std::string& body) {
    api::Request out;
    out.path_params["thing"] = "abc";
    out.query["at"] = "2026-11-22T00:00:00Z";
    out.body = boost::json::parse(body);
    return out;
  }
  std::string fault(const api::Request& given) {
    const auto checked = contract->check_request(operation, given);
    if (checked) return "";
    const std::string vi = checked.error().vi();
    for (const char* english : {"must", "missing", "known", "least", "most", "expected"}) {
      EXPECT_EQ(vi.find(english), std::string::npos) << vi;
    }
    return checked.error().detail();
  }
};

TEST_F(ContractTest, BodiesAreAcceptedOrNamedByPlace) {
  const struct {
    const char* body;
    const char* place;  // Empty: accepted.
  } table[] = {
      {R"({"name":"a","kind":"one"})", ""},
      {R"({"name":"ạbcđ","kind":"two","until":null,"weight":0.5,"on":true,"seq":null,"tags":{"x":"y"}})", ""},
      {R"({"name":"a","kind":"one","until":"2026-11-22","weight":3,"seq":7})", ""},
      {R"({"name":"a","kind":"one","parts":[{"name":"b","kind":"one"}]})", ""},
      {R"([])", "body:"},
      {R"(null)", "body:"},
      {R"({"kind":"one"})", "name: is missing"},
      {R"({"name":"","kind":"one"})", "name:"},
      {R"({"name":"abcde","kind":"one"})", "name:"},
      {R"({"name":"a\u0000","kind":"one"})", "name:"},
      {R"({"name":7,"kind":"one"})", "name:"},
      {R"({"name":"a","kind":"three"})", "kind:"},
      {R"({"name":"a","kind":"one","extra":1})", "extra: is not known"},
      {R"({"name":"a","kind":"one","until":"22/11/2026"})", "until:"},
      {R"({"name":"a","kind":"one","until":"2026-02-30"})", "until:"},
      {R"({"name":"a","kind":"one","weight":-1})", "weight:"},
      {R"({"name":"a","kind":"one","weight":"1"})", "weight:"},
      {R"({"name":"a","kind":"one","seq":-1})", "seq:"},
      {R"({"name":"a","kind":"one","seq":1.5})", "seq:"},
      {R"({"name":"a","kind":"one","parts":[]})", "parts:"},
      {R"({"name":"a","kind":"one","parts":[{"name":"b","kind":"one"},{"name":"b"}]})", "parts[1].kind:"},
      {R"({"name":"a","kind":"one","tags":{"x":1}})", "tags.x:"},
  };
  for (const auto& row : table) {
    const std::string got = fault(request(row.body));
    if (*row.place == '\0') {
      EXPECT_EQ(got, "") << row.body;
    } else {
      EXPECT_TRUE(got.starts_with(row.place)) << row.body << " -> " << got;
    }
  }
}

TEST_F(ContractTest, ParametersAreChecked) {
  const std::string good = R"({"name":"a","kind":"one"})";
  const struct {
    const char* name;
    const char* value;
    const char* place;
  } table[] = {{"limit", "5", ""},           {"limit", "6", "query.limit"},   {"limit", "x", "query.limit"},
               {"limit", "", "query.limit"}, {"limit", "1e0", "query.limit"}, {"at", "gestern", "query.at"},
               {"more", "1", "query.more"}};
  for (const auto& row : table) {
    api::Request given = request(good);
    given.query[row.name] = row.value;
    EXPECT_TRUE(fault(given).starts_with(row.place)) << row.name << "=" << row.value << " -> " << fault(given);
    EXPECT_EQ(fault(given).empty(), *row.place == '\0') << row.name << "=" << row.value;
  }
  api::Request without = request(good);
  without.query.clear();
  EXPECT_TRUE(fault(without).starts_with("query.at"));
  api::Request elsewhere = request(good);
  elsewhere.path_params["thing"] = "ABC";
  EXPECT_TRUE(fault(elsewhere).starts_with("path.thing"));
}

TEST_F(ContractTest, ResponsesAreChecked) {
  api::Response response;
  response.status = 201;
  response.body = R"({"name":"a","kind":"one"})";
  EXPECT_EQ(contract->response_fault(operation, response), std::nullopt);
  response.body = R"({"name":"a"})";
  EXPECT_NE(contract->response_fault(operation, response), std::nullopt);
  response.status = 204;
  response.body.clear();
  EXPECT_EQ(contract->response_fault(operation, response), std::nullopt);
  response.status = 200;
  EXPECT_NE(contract->response_fault(operation, response), std::nullopt);
  response.status = 404;
  response.body = "{}";
  EXPECT_EQ(contract->response_fault(operation, response), std::nullopt);
}

TEST(Contract, MistakesInTheFileStopTheStart) {
  const struct {
    const char* from;
    const char* to;
  } table[] = {{"minLength: 1", "minlength: 1"},
               {"type: boolean", "type: bool"},
               {"^[a-z]+$", "^[a-z+$"},
               {"schemas/Thing\"}}}\n      responses", "schemas/Thin\"}}}\n      responses"},
               {"required: [name, kind]", "required: [nome]"},
               {"operationId: makeThing", "operationid: x"},
               {"in: query, schema: {type: integer", "in: cookie, schema: {type: integer"},
               {"openapi: 3.1.0", "openapi: [3"}};
  for (const auto& row : table) {
    std::string text = small;
    const std::size_t at = text.find(row.from);
    ASSERT_NE(at, std::string::npos) << row.from;
    text.replace(at, std::string_view(row.from).size(), row.to);
    const auto parsed = Contract::parse(text);
    ASSERT_FALSE(parsed) << row.to;
    EXPECT_TRUE(parsed.error().is(contract_invalid));
  }
}

TEST(Contract, TheOneWeShipCompiles) {
  const auto shipped = Contract::load(std::filesystem::path(source_dir()) / "api" / "openapi.yaml");
  ASSERT_TRUE(shipped) << shipped.error().text();
  EXPECT_GT((*shipped)->operations().size(), 20U);
}

}  // namespace
}  // namespace luy::hub
