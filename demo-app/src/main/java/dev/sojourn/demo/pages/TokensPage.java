package dev.sojourn.demo.pages;

import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.util.regex.Pattern;

/** Shows how a program uses the API: buttons for a script on the page, and the commands for a shell. */
final class TokensPage {
    static final String PATH = "/tokens";

    /** The only page with a script. It calls the demo itself and nothing else. */
    /** A host that can be shown in a command without quotes. */
    private static final Pattern PLAIN_HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,100}");

    private final Templates templates;

    TokensPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get(PATH, this::show);
    }

    private Response show(Request request) {
        String host = PLAIN_HOST.matcher(request.host()).matches() ? request.host() : "localhost";
        View view = new View("http://" + host + Api.PATH);
        return templates.page(request, "tokens", "API tokens", view).with(Layout.SCRIPT_HEADERS);
    }

    /**
     * The template's data.
     *
     * @param api the API's address
     */
    record View(String api) {
        int maxNameLength() {
            return Api.MAX_NAME_LENGTH;
        }
    }
}
