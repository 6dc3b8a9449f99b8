/** Contracts that every store and adapter passes, and help for tests of applications. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.testing {
    requires transitive dev.sojourn;
    requires transitive java.net.http;
    requires static transitive org.junit.jupiter.api;
    requires java.logging;
    requires jdk.httpserver;
    requires static org.jspecify;

    exports dev.sojourn.testing;
    // JUnit calls the tests by reflection.
    opens dev.sojourn.testing to
            org.junit.platform.commons;
}
