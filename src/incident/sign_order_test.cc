// Goal: a paper is signed by those who have to, one after another, and says who is awaited. Method: the forms and
// places of the pack, tables of signatures.
#include "incident/sign_order.h"

#include <gtest/gtest.h>

#include "incident/fixture.h"
#include "regulation/load.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

const json::object minutes = {{"fields", json::object{{"secretary", json::object{{"name", "Lê Thị  Bình"}}},
                                                      {"chair", json::object{{"name", "Nguyễn Văn An"}}}}}};
const Signer secretary{"Lê Thị Bình", {}, Time(), "a"};
const Signer chair{"Nguyễn Văn An", {"agency_head"}, Time(), "b"};
const Signer stranger{"Nguyễn Văn An", {}, Time(), {}};
const Signer other{"Nguyễn Văn Ân", {"staff"}, Time(), "c"};

TEST(SignOrder, MinutesAreSignedByTheSecretaryThenByTheChair) {
  const paper::Form form = *paper::load_form(pack_folder(), "bien-ban-tu-xu-ly");
  const PaperUse& use = *test_process().paper("bien-ban-tu-xu-ly");
  const struct {
    const char* what;
    std::vector<Signer> signers;
    std::size_t filled;
    std::size_t awaiting;
    bool too_early;
  } table[] = {
      {"nobody", {}, 0, 2, false},
      {"a stranger of the chair's name", {stranger}, 0, 2, false},
      {"the secretary", {secretary}, 1, 1, false},
      {"both", {secretary, chair}, 2, 0, false},
      {"others between them", {stranger, secretary, other, chair, stranger}, 2, 0, false},
      {"the chair first", {chair, secretary}, 1, 1, true},
      {"the secretary twice", {secretary, secretary}, 1, 1, false},
      {"another of nearly the name", {secretary, other}, 1, 1, false},
  };
  for (const auto& one : table) {
    const SignOrder order = sign_order(use, form, minutes, one.signers);
    EXPECT_EQ(order.filled, one.filled) << one.what;
    EXPECT_EQ(order.awaiting.size(), one.awaiting) << one.what;
    EXPECT_EQ(order.too_early.has_value(), one.too_early) << one.what;
    EXPECT_EQ(order.is_complete(), one.awaiting == 0 && !one.too_early) << one.what;
  }
  const SignOrder order = sign_order(use, form, minutes, {secretary});
  EXPECT_EQ(order.awaiting.front().vi, "Chủ trì (chủ tọa) – Nguyễn Văn An");
  EXPECT_EQ(sign_order(use, form, {}, {secretary, chair}).filled, 0U) << "who is not named fills no place";
}

TEST(SignOrder, ReportsAreSignedByTheHead) {
  const paper::Form form = *paper::load_form(pack_folder(), "bao-cao-ban-dau");
  const PaperUse& use = *test_process().paper("bao-cao-ban-dau");
  EXPECT_FALSE(sign_order(use, form, {}, {other, secretary}).is_complete());
  EXPECT_TRUE(sign_order(use, form, {}, {other, chair}).is_complete());
}

TEST(SignOrder, PlacesAreFieldsOfTheirForms) {
  std::map<std::string, paper::Form> forms;
  for (const PaperUse& use : test_process().papers) forms[use.form] = *paper::load_form(pack_folder(), use.form);
  EXPECT_TRUE(check_places(test_process(), forms));
  forms["bien-ban-ket-thuc"].fields.clear();
  const auto refused = check_places(test_process(), forms);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(regulation::unknown_name));
}

}  // namespace
}  // namespace luy::incident
