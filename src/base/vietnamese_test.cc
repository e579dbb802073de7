// Goal: every Vietnamese letter folds to its base letter, composed or decomposed, and nothing else is touched.
#include "base/vietnamese.h"

#include <gtest/gtest.h>

namespace luy {

TEST(FoldVietnamese, FoldsEveryLetter) {
  EXPECT_EQ(fold_vietnamese("áàảãạăắằẳẵặâấầẩẫậ"), std::string(17, 'a'));
  EXPECT_EQ(fold_vietnamese("ÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬ"), std::string(17, 'a'));
  EXPECT_EQ(fold_vietnamese("éèẻẽẹêếềểễệ"), std::string(11, 'e'));
  EXPECT_EQ(fold_vietnamese("íìỉĩị"), std::string(5, 'i'));
  EXPECT_EQ(fold_vietnamese("óòỏõọôốồổỗộơớờởỡợ"), std::string(17, 'o'));
  EXPECT_EQ(fold_vietnamese("ÚÙỦŨỤƯỨỪỬỮỰ"), std::string(11, 'u'));
  EXPECT_EQ(fold_vietnamese("ýỳỷỹỵ"), std::string(5, 'y'));
  EXPECT_EQ(fold_vietnamese("Đđ"), "dd");
  EXPECT_EQ(fold_vietnamese("Ủy ban nhân dân thị xã Bỉm Sơn"), "uy ban nhan dan thi xa bim son");
}

TEST(FoldVietnamese, DropsCombiningMarks) {
  EXPECT_EQ(fold_vietnamese("Bi\xcc\x89m So\xcc\x9bn"), "bim son");  // U+0309 hook above, U+031B horn.
}

TEST(FoldVietnamese, LeavesOtherTextAndBrokenBytesAlone) {
  EXPECT_EQ(fold_vietnamese("漢字 – ✓ 42"), "漢字 – ✓ 42");
  EXPECT_EQ(fold_vietnamese("a\xe1\xba"), "a\xe1\xba");
  EXPECT_EQ(fold_vietnamese("\xff\xc3"), "\xff\xc3");
  EXPECT_EQ(fold_vietnamese("\xe1"
                            "A"),
            "\xe1"
            "a");
}

}  // namespace luy
