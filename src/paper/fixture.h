// Documents and tools for this module's tests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "paper/document.h"

namespace luy::paper {

// Minutes with a secretary and a chair, a list, a table and the evidence's root.
Document minutes_document();
// A letter with two addressees, one signature and an address line.
Document letter_document();
// 2 × 1 pixels.
std::string small_png();

// A folder that is removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void write_bytes(const std::filesystem::path& path, const std::string& bytes);
std::string read_bytes(const std::filesystem::path& path);

// Whether `tool` of poppler-utils is installed; tests skip without it.
bool has_tool(const std::string& tool);
// What the command prints; fails the test when it exits with an error. No shell.
std::string output_of(const std::vector<std::string>& command);

// A word as pdftotext finds it, in millimetres from the page's top left corner.
struct Word {
  unsigned page = 1;
  double x_min = 0;
  double y_min = 0;
  double x_max = 0;
  double y_max = 0;
  std::string text;
};
std::vector<Word> words_of_pdf(const std::filesystem::path& pdf);
// The first of consecutive words that together read as `phrase`, grown around all of them.
std::optional<Word> find_phrase(const std::vector<Word>& words, const std::string& phrase);

// A page as grey pixels at `dpi`.
struct Grey {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> pixels;  // 0 black, 255 white; row by row.
};
Grey page_image(const std::filesystem::path& pdf, unsigned page, int dpi);
Grey read_png(const std::filesystem::path& png);

}  // namespace luy::paper
