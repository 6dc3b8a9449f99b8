package shop;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProductController {
    private final RecentlyViewed viewed;

    ProductController(RecentlyViewed viewed) {
        this.viewed = viewed;
    }

    @GetMapping("/products/{name}")
    String product(@PathVariable String name) {
        viewed.add(name);
        return name;
    }

    @GetMapping("/recent")
    List<String> recent() {
        return viewed.products();
    }
}
