/** Sessions shared with express-session. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.express {
    requires transitive dev.sojourn;
    requires static transitive dev.sojourn.redis;
    requires static transitive dev.sojourn.jdbc;
    requires static org.jspecify;

    exports dev.sojourn.express;
}
