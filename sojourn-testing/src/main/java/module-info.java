/** Contracts that every store and every adapter passes, and a clock that tests set. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.testing {
    requires transitive dev.sojourn;
    requires static transitive org.junit.jupiter.api;
    requires java.logging;
    requires static org.jspecify;

    exports dev.sojourn.testing;
    // The contracts' tests are called by reflection.
    opens dev.sojourn.testing to
            org.junit.platform.commons;
}
