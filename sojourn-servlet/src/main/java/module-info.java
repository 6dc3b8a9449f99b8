/** Sessions for Jakarta Servlet containers. */
@org.jspecify.annotations.NullMarked
module dev.sojourn.servlet {
    requires transitive dev.sojourn;
    requires transitive jakarta.servlet;
    requires static java.sql;
    requires static org.jspecify;

    exports dev.sojourn.servlet;
}
