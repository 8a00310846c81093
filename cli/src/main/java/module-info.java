/** The tool: the only place with arguments, signals and standard output. */
module org.peerwire.cli {
  requires com.google.gson;
  requires info.picocli;
  requires java.logging;
  requires static org.jspecify;
  requires me.tongfei.progressbar;
  requires org.jline.terminal;
  requires org.peerwire.client;

  opens org.peerwire.cli to
      info.picocli;
}
