/** Sessions in Redis or Valkey. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.redis {
    requires transitive dev.sojourn;
    requires transitive lettuce.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires static org.jspecify;

    exports dev.sojourn.redis;
}
