// Goal: the handlers ask the policy of the town.
// Method: requests as the router hands them over.
#include "indicator/api.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace luy::indicator {
namespace {

namespace json = boost::json;
using directory::Role;

class IndicatorApiTest : public ::testing::Test {
 protected:
  IndicatorApiTest() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    folder = name;
    town = AgencyId::make(clock.now(), random);
    ward = AgencyId::make(clock.now(), random);
    open();
  }
  ~IndicatorApiTest() override {
    book.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }
  void open() {
    book.reset();
    database.reset();
    database = std::move(*records::open_sqlite(folder / "records.db", migrations()));
    book = std::move(*Book::open({*database, clock, random}));
  }
  Result<List> import(const std::string& content, const std::string& source = "upload", bool replaces = false) {
    Book::NewList list;
    list.name = "C2";
    list.format = Format::csv;
    list.content = content;
    list.source = source;
    list.replaces = replaces;
    list.expires_at = expires;
    return book->import(list);
  }
  std::size_t hits(const std::string& text) { return book->matching()->matcher.match(text, clock.now()).size(); }

  std::filesystem::path folder;
  FakeClock clock{*from_rfc3339("2026-11-23T01:00:00Z")};
  SeededRandom random{3};
  AgencyId town;
  AgencyId ward;
  std::optional<Time> expires;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Book> book;
};

TEST_F(IndicatorApiTest, HandlersAskThePolicyOfTheTown) {
  std::vector<std::string> acts;
  const api::Router router(routes({*book,
                                   clock,
                                   [&] { return std::optional(town); },
                                   [&](records::Connection&, const api::Request&, std::string_view act,
                                       std::string_view, const json::object&) -> Result<void> {
                                     acts.emplace_back(act);
                                     return {};
                                   },
                                   {}}));
  directory::Actor actor;
  actor.account = AccountId::make(clock.now(), random);
  const auto call = [&](api::Method method, const std::string& path, json::value body = nullptr) {
    const auto match = router.find(method, path);
    api::Request request;
    request.method = method;
    request.path = path;
    request.path_params = match.params;
    request.body = std::move(body);
    request.actor = actor;
    return router.serve(*match.route, request);
  };
  const json::object body{{"name", "C2"}, {"format", "csv"}, {"content", "value\nevil.example\n"}};
  actor.grants = {{Role::security_officer, ward, town}};
  EXPECT_EQ(call(api::Method::post, "/api/v1/indicator_lists", body).status, 403) << "lists hold for the whole town";
  actor.grants = {{Role::security_officer, town}};
  const auto added = call(api::Method::post, "/api/v1/indicator_lists", body);
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(acts, std::vector<std::string>{"indicators.imported"});
  const std::string id(json::parse(added.body).at("id").as_string());
  EXPECT_EQ(call(api::Method::post, "/api/v1/indicator_lists",
                 json::object{{"name", "x"}, {"format", "stix"}, {"content", "{"}})
                .status,
            400);
  actor.grants = {{Role::auditor, ward, town}};
  const auto shown = call(api::Method::get, "/api/v1/indicators");
  EXPECT_EQ(json::parse(shown.body).at("items").as_array().size(), 1U);
  EXPECT_EQ(call(api::Method::del, "/api/v1/indicator_lists/" + id).status, 403);
  actor.grants = {{Role::staff, ward, town}};
  EXPECT_EQ(call(api::Method::get, "/api/v1/indicator_lists").status, 403);
  actor.grants = {{Role::system_admin, town}};
  EXPECT_EQ(call(api::Method::del, "/api/v1/indicator_lists/" + id).status, 204);
}

}  // namespace
}  // namespace luy::indicator
