// The list of pages: search while typing, the order of the panels, keys for the rows.
import "./pages_search.js";
import "./pages_order.js";
import "./pages_rows.js";
import "./pages_times.js";

document.documentElement.classList.add("scripted");
