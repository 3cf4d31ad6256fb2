// A video's player is fetched only when the visitor asks for it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-embed] > a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { embed, title } = link.parentElement.dataset;
  const frame = document.createElement("iframe");
  frame.src = embed;
  frame.title = title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  link.replaceWith(frame);
  frame.focus();
});
