// Who comes to publish wants to see what would change: look at once, if nobody has since the last change.
document.querySelector("form[data-begin]")?.requestSubmit();
