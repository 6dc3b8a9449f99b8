/** Sessions for the JDK's HTTP server. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.jdkhttp {
    requires transitive dev.sojourn;
    requires transitive jdk.httpserver;
    requires static org.jspecify;

    exports dev.sojourn.jdkhttp;
}
