#pragma once

#include <string>
#include <string_view>

namespace baton {

// A job title in two taxonomies; "" if the title does not determine it.
struct Title {
  std::string level;     // c_level, vp, director, manager, specialist, junior, external
  std::string function;  // management, sales, marketing, it, engineering, purchasing, finance, hr,
                         // production, quality, logistics, other
};

// Classifies German and English titles: gender forms ("-in", "/in", ":in", "*in", "(m/w/d)"),
// abbreviations ("GF", "Ltg.", "Stv.", "Prok.") and German compounds, which are split by their
// suffix ("Vertriebsleiterin": director of sales). A deputy ranks one level lower. A title with a
// level but no function has the function "other". Thread-safe.
Title classify_title(std::string_view raw);

}  // namespace baton
