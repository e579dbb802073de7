#include "agent/linux/journal.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace luy::agent {
namespace {

using CText = std::unique_ptr<char, decltype([](char* text) { std::free(text); })>;

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// Plain enough for "KEY=value\n": no control characters but tab.
bool is_plain(std::string_view value) {
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') return false;
  }
  return true;
}

}  // namespace

std::optional<JournalLibrary> JournalLibrary::load() {
  void* library = ::dlopen("libsystemd.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  JournalLibrary out;
  const bool complete =
      find(library, "sd_journal_open", out.open) && find(library, "sd_journal_open_directory", out.open_directory) &&
      find(library, "sd_journal_close", out.close) && find(library, "sd_journal_get_fd", out.get_fd) &&
      find(library, "sd_journal_process", out.process) && find(library, "sd_journal_next", out.next) &&
      find(library, "sd_journal_seek_cursor", out.seek_cursor) &&
      find(library, "sd_journal_test_cursor", out.test_cursor) &&
      find(library, "sd_journal_seek_realtime_usec", out.seek_realtime_usec) &&
      find(library, "sd_journal_get_cursor", out.get_cursor) &&
      find(library, "sd_journal_get_realtime_usec", out.get_realtime_usec) &&
      find(library, "sd_journal_restart_data", out.restart_data) &&
      find(library, "sd_journal_enumerate_data", out.enumerate_data);
  if (!complete) return std::nullopt;
  return out;
}

bool has_journal(const std::filesystem::path& root) {
  for (const char* folder : {"var/log/journal", "run/log/journal"}) {
    std::error_code error;
    for (std::filesystem::directory_iterator machine(root / folder, error), end; !error && machine != end;
         machine.increment(error)) {
      std::error_code inner;
      for (std::filesystem::directory_iterator file(machine->path(), inner); !inner && file != end;
           file.increment(inner)) {
        if (file->path().extension() == ".journal") return true;
      }
    }
  }
  return false;
}

void append_export_field(std::string& out, std::string_view field) {
  const auto equals = field.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view value = field.substr(equals + 1);
  if (is_plain(value)) {
    out += field;
  } else {
    out += field.substr(0, equals);
    out += '\n';
    for (int i = 0; i < 8; ++i) out += static_cast<char>(value.size() >> (8 * i) & 0xffU);  // Little-endian.
    out += value;
  }
  out += '\n';
}

Journal::Journal(JournalOptions options, std::string cursor, const Clock& clock, std::optional<JournalLibrary> library)
    : options_(std::move(options)), clock_(clock), library_(library), cursor_(std::move(cursor)) {}

Journal::~Journal() {
  close();
}

void Journal::close() {
  if (journal_ != nullptr) library_->close(journal_);
  journal_ = nullptr;
  fd_ = -1;
  pending_ = false;
}

void Journal::fail(Slice& slice, std::string_view what, int error) {
  close();
  next_try_ = clock_.monotonic() + retry;
  const std::string text = std::string(what) + ": " + std::strerror(error < 0 ? -error : error);
  if (text == noted_) return;
  noted_ = text;
  slice.add(make_note("journal_unreadable", clock_.now(), {{"error", text}}));
}

bool Journal::open(Slice& slice) {
  if (journal_ != nullptr) return true;
  if (clock_.monotonic() < next_try_) return false;
  next_try_ = clock_.monotonic() + retry;
  if (!has_journal(options_.root)) return false;
  if (!library_) library_ = JournalLibrary::load();
  if (!library_) {
    fail(slice, "libsystemd.so.0", ENOENT);
    return false;
  }
  const int result = options_.root == "/"
                         ? library_->open(&journal_, SD_JOURNAL_LOCAL_ONLY)
                         : library_->open_directory(&journal_, options_.root.c_str(), SD_JOURNAL_OS_ROOT);
  if (result < 0) {
    journal_ = nullptr;
    fail(slice, "sd_journal_open", result);
    return false;
  }
  fd_ = library_->get_fd(journal_);
  if (!seek(slice)) return false;
  noted_.clear();
  return true;
}

// To the entry after the last one taken; when that has been rotated away, to the one that follows it, with a note.
bool Journal::seek(Slice& slice) {
  int result = 0;
  if (cursor_.empty()) {
    const Time from = clock_.now() - options_.history;
    result =
        library_->seek_realtime_usec(journal_, static_cast<std::uint64_t>(std::max<std::int64_t>(to_micros(from), 0)));
  } else {
    result = library_->seek_cursor(journal_, cursor_.c_str());
  }
  if (result >= 0) result = library_->next(journal_);
  if (result < 0) {
    fail(slice, "seek", result);
    return false;
  }
  pending_ = result > 0;
  if (cursor_.empty()) return true;
  if (pending_ && library_->test_cursor(journal_, cursor_.c_str()) > 0) {
    pending_ = false;
  } else {
    slice.add(make_note("journal_gap", clock_.now(), {{"cursor", cursor_}}));
  }
  return true;
}

bool Journal::collect(Slice& slice) {
  if (!open(slice)) return false;
  if (library_->process(journal_) < 0) {
    fail(slice, "sd_journal_process", EIO);
    return false;
  }
  const std::string before = cursor_;
  bool more = true;
  while (more && !slice.full()) {
    if (!pending_) {
      const int result = library_->next(journal_);
      if (result < 0) {
        fail(slice, "sd_journal_next", result);
        break;
      }
      pending_ = result > 0;
    }
    more = pending_ && read_entry(slice);
    pending_ = false;
  }
  if (cursor_ != before) {
    Item moved;
    moved.only_position = true;
    moved.position_key = position_key;
    moved.position = cursor_;
    slice.add(std::move(moved));
  }
  return more && slice.full() && journal_ != nullptr;
}

bool Journal::read_entry(Slice& slice) {
  char* text = nullptr;
  if (const int result = library_->get_cursor(journal_, &text); result < 0) {
    fail(slice, "sd_journal_get_cursor", result);
    return false;
  }
  const CText cursor(text);
  std::uint64_t realtime = 0;
  library_->get_realtime_usec(journal_, &realtime);
  std::string raw =
      "__CURSOR=" + std::string(cursor.get()) + "\n__REALTIME_TIMESTAMP=" + std::to_string(realtime) + '\n';
  const void* data = nullptr;
  std::size_t size = 0;
  bool cut = false;
  library_->restart_data(journal_);
  while (library_->enumerate_data(journal_, &data, &size) > 0) {
    if (raw.size() + size > entry_bytes_max) {
      cut = true;
      continue;
    }
    append_export_field(raw, {static_cast<const char*>(data), size});
  }
  Item item;
  item.record = {event::Transport::journal, "journal", std::move(raw)};
  slice.add(std::move(item));
  cursor_ = cursor.get();
  if (cut) slice.add(make_note("journal_entry_cut", clock_.now(), {{"cursor", cursor_}}));
  return true;
}

}  // namespace luy::agent
