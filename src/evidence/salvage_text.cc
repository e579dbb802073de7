#include "evidence/package_files.h"
#include "evidence/salvage.h"

namespace luy::evidence {
namespace {

constexpr std::size_t ranges_shown = 200;

// dd/MM/yyyy HH:mm:ss in Vietnam, UTC+7 all year round.
std::string local_time(Time time) {
  const std::string iso = to_rfc3339(time + std::chrono::hours(7));
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4) + " " + iso.substr(11, 8);
}

std::string day_text(Day day) {
  const std::string iso = to_iso(day);
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
}

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string range_text(const SeqRange& range) {
  return number(range.first) + "–" + number(range.end() - 1);
}

struct Words {
  const char* title;
  const char* file;
  const char* day;
  const char* untouched;
  const char* cut;
  const char* all;
  const char* proved;
  const char* readable;
  const char* lost;
  const char* by;
  const char* by_none;
  const char* own_key;
  const char* ranges;
  const char* between;
  const char* more;
  const char* absent;
  const char* damaged;
  const char* withheld;
  const char* none;
  const char* check;
};

constexpr Words vietnamese = {
    "BÁO CÁO CỨU DỮ LIỆU CỦA MỘT NGÀY NHẬT KÝ",
    "Tệp gốc (không bị thay đổi): ",
    "Ngày: ",
    "Các tệp trong thư mục này được tạo từ những gì còn đọc được của tệp gốc.",
    "Tệp gốc bị cắt ngắn so với kích thước ghi trong chính nó.",
    "Bản ghi của ngày: ",
    "Còn chứng minh được bằng điểm kiểm tra đã ký (proved.leaves.zst): ",
    "Chỉ đọc được, không còn chứng minh được (readable.tsv): ",
    "Đã mất (lost.tsv): ",
    "Điểm kiểm tra dùng để chứng minh bao phủ đến bản ghi số (và có mấy điểm kiểm tra): ",
    "Không còn điểm kiểm tra nào có chữ ký hợp lệ khớp với những gì còn lại, nên không bản ghi nào chứng minh được.",
    "Khóa công khai lấy từ chính tệp hỏng. Hãy so với khóa đã ghi lại khi cài đặt: --key.",
    "Bản ghi đã mất, theo số thứ tự:",
    "nhận trong khoảng ",
    "… các khoảng còn lại xem trong lost.tsv",
    "không còn gì trong tệp",
    "khối dữ liệu hỏng",
    "nội dung đã bị xóa theo quyết định từ trước, không phải do hỏng",
    "không có",
    "Kiểm chứng: luy evidence verify --salvaged THƯ-MỤC --key TỆP-KHÓA. Bằng chứng của một bản ghi: luy evidence prove "
    "THƯ-MỤC --seq SỐ.",
};
constexpr Words english = {
    "REPORT ON WHAT WAS SALVAGED OF A DAY OF LOGS",
    "Original file (unchanged): ",
    "Day: ",
    "The files of this folder were made from what can still be read of it.",
    "The original is shorter than it says itself.",
    "Records of the day: ",
    "Still proved by a signed checkpoint (proved.leaves.zst): ",
    "Readable, but no longer proved (readable.tsv): ",
    "Lost (lost.tsv): ",
    "The checkpoints that prove them cover up to record (and how many there are): ",
    "No validly signed checkpoint fits what is left: no record can be proved.",
    "The public key was taken from the damaged file itself. Compare it with the one written down at installation: "
    "--key.",
    "Lost records, by number:",
    "received between ",
    "… for the others see lost.tsv",
    "nothing is left of them",
    "their block is damaged",
    "their content had been removed by a decision before; no damage",
    "none",
    "To verify: luy evidence verify --salvaged FOLDER --key KEY-FILE. The proof of one record: luy evidence prove "
    "FOLDER "
    "--seq NUMBER.",
};

std::string told(const Salvage& found, const Words& words) {
  std::string out = std::string(words.title) + "\n\n" + words.file + found.file.string() + ", " +
                    number(found.file_bytes) + " byte\n" + words.untouched + "\n";
  if (found.day) out += words.day + day_text(*found.day) + "   " + readable(found.origin) + "\n";
  if (found.is_cut) out += std::string(words.cut) + "\n";
  out += "\n" + std::string(words.all) + number(found.end - found.first);
  if (found.end > found.first) out += " (" + range_text({found.first, found.end - found.first}) + ")";
  out += "\n" + std::string(words.proved) + number(found.proved) + "\n" + words.readable + number(found.readable) +
         "\n" + words.lost + number(found.lost) + "\n\n";
  if (!found.proofs.empty()) {
    out += words.by + number(found.proofs.front().size - 1) + " (" + number(found.proofs.size()) + ")\n";
    if (found.own_key) out += std::string(words.own_key) + "\n";
  } else {
    out += std::string(words.by_none) + "\n";
  }
  out += "\n" + std::string(words.ranges) + "\n";
  if (found.lost_ranges.empty()) out += "  " + std::string(words.none) + "\n";
  std::size_t shown = 0;
  for (const LostRange& one : found.lost_ranges) {
    if (++shown > ranges_shown) {
      out += "  " + std::string(words.more) + "\n";
      break;
    }
    const char* why = one.cause == LossCause::damaged    ? words.damaged
                      : one.cause == LossCause::withheld ? words.withheld
                                                         : words.absent;
    out += "  " + range_text(one.records) + " (" + number(one.records.count) + "), " + words.between +
           local_time(one.from) + " – " + local_time(one.until) + ": " + why + "\n";
  }
  if (!found.proofs.empty()) out += "\n" + std::string(words.check) + "\n";
  return out;
}

}  // namespace

std::string salvage_text(const Salvage& found) {
  return told(found, vietnamese) + "\n----\n\n" + told(found, english);
}

}  // namespace luy::evidence
