/** Sessions for Vert.x Web. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.vertx {
    requires transitive dev.sojourn;
    requires transitive io.vertx.core;
    requires transitive io.vertx.web;
    requires static org.jspecify;

    exports dev.sojourn.vertx;
}
