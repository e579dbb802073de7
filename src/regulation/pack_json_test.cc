// Goal: what the API shows of a pack is what the contract promises, no more and no less.
// Method: the keys of each object against the properties in api/openapi.yaml; some values of the shipped pack.
#include "regulation/pack_json.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/file.h"
#include "base/source_dir.h"
#include "regulation/load.h"
#include "regulation/yaml_node.h"

namespace luy::regulation {
namespace {

namespace json = boost::json;

Pack shipped() {
  Result<Pack> pack = load_pack(std::filesystem::path(source_dir()) / "regulation/4448-2017");
  return std::move(pack.value());
}

std::set<std::string> keys_of(const json::object& object) {
  std::set<std::string> out;
  for (const auto& entry : object) out.insert(std::string(entry.key()));
  return out;
}

// The properties of a schema; every one of ours is required by the contract, so the two sets must be equal.
std::set<std::string> properties_of(const YamlNode& contract, std::string_view schema) {
  const YamlNode* node = &contract;
  for (const std::string_view key :
       {std::string_view("components"), std::string_view("schemas"), schema, std::string_view("properties")}) {
    node = node->find(key);
    if (node == nullptr) {
      ADD_FAILURE() << "api/openapi.yaml has no " << key << " for " << schema;
      return {};
    }
  }
  std::set<std::string> out;
  for (const YamlNode& key : node->keys) out.insert(key.scalar);
  return out;
}

TEST(PackJson, HasExactlyTheContractsFields) {
  const Result<std::string> bytes = read_file(std::filesystem::path(source_dir()) / "api/openapi.yaml", file_bytes_max);
  ASSERT_TRUE(bytes) << bytes.error().text();
  const Result<YamlNode> contract = parse_yaml("openapi.yaml", *bytes, 1'000'000);
  ASSERT_TRUE(contract) << contract.error().text();
  const Pack pack = shipped();
  EXPECT_EQ(keys_of(to_json(pack)), properties_of(*contract, "Pack"));
  EXPECT_EQ(keys_of(to_json(pack.chapters.at(0))), properties_of(*contract, "Chapter"));
  EXPECT_EQ(keys_of(to_json(pack.articles.at(0))), properties_of(*contract, "Article"));
  const Obligation* patching = pack.obligation("5.2-patching");
  ASSERT_NE(patching, nullptr);
  EXPECT_EQ(keys_of(to_json(*patching)), properties_of(*contract, "Obligation"));
  EXPECT_EQ(keys_of(to_json(patching->parameters.all().at(0))), properties_of(*contract, "Parameter"));
  EXPECT_EQ(keys_of(to_json(patching->title)), properties_of(*contract, "LocalText"));
}

TEST(PackJson, ShowsTheValues) {
  const json::object pack = to_json(shipped());
  EXPECT_EQ(pack.at("id"), "4448-2017");
  EXPECT_EQ(pack.at("valid_from"), "2018-01-01");
  EXPECT_TRUE(pack.at("valid_to").is_null());
  EXPECT_EQ(pack.at("chapters").as_array().size(), 3U);
  EXPECT_EQ(pack.at("articles").as_array().size(), 15U);
  EXPECT_EQ(pack.at("obligations").as_array().size(), 57U);

  const json::object patching = to_json(*shipped().obligation("5.2-patching"));
  EXPECT_EQ(patching.at("article"), "5");
  EXPECT_EQ(patching.at("reference"), to_json(Text{"Điều 5; 6.1.d", "Articles 5; 6.1.d"}));
  EXPECT_EQ(patching.at("holder"), "security_officer");
  EXPECT_EQ(patching.at("evidence"), json::array({"measured"}));
  EXPECT_EQ(patching.at("sources").as_array().size(), 2U);
  EXPECT_EQ(patching.at("sources").as_array().at(0).at("vi"), "Điều 5 QĐ 4448/QĐ-UBND");
  const json::object& critical = patching.at("parameters").as_array().at(0).as_object();
  EXPECT_EQ(critical.at("name"), "critical_days");
  EXPECT_FALSE(critical.at("title").at("vi").as_string().empty());
  EXPECT_FALSE(critical.at("source").at("en").as_string().empty());
  EXPECT_EQ(critical.at("value"), "7");
  EXPECT_EQ(critical.at("unit"), "days");

  const json::object methods = to_json(*shipped().obligation("6.8-wifi-rotation")->parameters.find("security"));
  EXPECT_EQ(methods.at("value"), "wpa2, wpa3");
  EXPECT_EQ(methods.at("unit"), "");
  const json::object memory = to_json(*shipped().obligation("4.3-no-disruption")->parameters.find("rss_mib_max"));
  EXPECT_EQ(memory.at("value"), "25");
  EXPECT_EQ(memory.at("unit"), "MiB");
}

}  // namespace
}  // namespace luy::regulation
