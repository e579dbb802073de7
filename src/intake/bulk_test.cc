// Goal: every document of a bulk request is taken as it stands, what cannot be taken is answered item by item, and a
// request that is not one is refused whole.
// Method: tables of requests; the documents are compared byte for byte.
#include "intake/bulk.h"

#include <gtest/gtest.h>

namespace luy::intake {
namespace {

TEST(Bulk, DocumentsAreTakenAsTheyStand) {
  const std::string body =
      "{\"index\":{\"_index\":\"logs-1\",\"_id\":\"a\"}}\n{ \"message\" : \"chữ Việt\", \"n\":1.0 }\r\n"
      "\n{\"create\":{}}\n{}\n";
  const auto items = parse_bulk(body, "mac-dinh");
  ASSERT_TRUE(items) << items.error().text();
  ASSERT_EQ(items->size(), 2U);
  EXPECT_EQ((*items)[0].action, "index");
  EXPECT_EQ((*items)[0].index, "logs-1");
  EXPECT_EQ((*items)[0].id, "a");
  EXPECT_EQ((*items)[0].document, "{ \"message\" : \"chữ Việt\", \"n\":1.0 }");
  EXPECT_EQ((*items)[0].status, 0);
  EXPECT_EQ((*items)[1].action, "create");
  EXPECT_EQ((*items)[1].index, "mac-dinh");
  EXPECT_EQ((*items)[1].document, "{}");
}

TEST(Bulk, WhatCannotBeTakenIsAnsweredItemByItem) {
  std::string deep;
  for (std::size_t i = 0; i < document_depth_max + 5; ++i) deep += "{\"a\":";
  const struct {
    const char* what;
    std::string lines;
    int status;
  } table[] = {
      {"a delete", "{\"delete\":{\"_id\":\"a\"}}\n", 400},
      {"an update", "{\"update\":{\"_id\":\"a\"}}\n{\"doc\":{}}\n", 400},
      {"a document that is no JSON", "{\"index\":{}}\n{\"a\":\n", 400},
      {"a document that is no object", "{\"index\":{}}\n[1]\n", 400},
      {"two documents in a line", "{\"index\":{}}\n{} {}\n", 400},
      {"a document that is too deep", "{\"index\":{}}\n" + deep + "1\n", 400},
      {"a document that is too large", "{\"index\":{}}\n{\"a\":\"" + std::string(document_bytes_max, 'x') + "\"}\n",
       413},
      {"an id that is too long", "{\"index\":{\"_id\":\"" + std::string(513, 'x') + "\"}}\n{}\n", 400},
      {"bytes that are not UTF-8", "{\"index\":{}}\n{\"a\":\"\xff\"}\n", 400},
  };
  for (const auto& [what, lines, status] : table) {
    const std::string body = lines + "{\"index\":{}}\n{\"after\":1}\n";
    const auto items = parse_bulk(body, "");
    ASSERT_TRUE(items) << what << items.error().text();
    ASSERT_EQ(items->size(), 2U) << what;
    EXPECT_EQ((*items)[0].status, status) << what;
    EXPECT_FALSE((*items)[0].error.empty()) << what;
    EXPECT_EQ((*items)[1].document, "{\"after\":1}") << what;
  }
}

TEST(Bulk, ARequestThatIsNoneIsRefusedWhole) {
  const std::string many = [] {
    std::string out;
    for (std::size_t i = 0; i <= bulk_items_max; ++i) out += "{\"index\":{}}\n{}\n";
    return out;
  }();
  const struct {
    const char* what;
    std::string body;
  } table[] = {
      {"empty", ""},
      {"empty lines", "\n\n"},
      {"no line feed at the end", "{\"index\":{}}\n{}"},
      {"an action that is no JSON", "index\n{}\n"},
      {"an action that is no object", "[]\n{}\n"},
      {"no action", "{}\n{}\n"},
      {"two actions", "{\"index\":{},\"create\":{}}\n{}\n"},
      {"an unknown action", "{\"drop\":{}}\n{}\n"},
      {"an action without particulars", "{\"index\":1}\n{}\n"},
      {"no document", "{\"index\":{}}\n"},
      {"an action line that is too long",
       "{\"index\":{\"a\":\"" + std::string(bulk_action_bytes_max, 'x') + "\"}}\n{}\n"},
      {"too many", many},
  };
  for (const auto& [what, body] : table) {
    const auto items = parse_bulk(body, "");
    ASSERT_FALSE(items) << what;
    EXPECT_TRUE(items.error().is(bulk_malformed)) << what;
  }
}

}  // namespace
}  // namespace luy::intake
