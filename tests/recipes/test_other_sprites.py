from recipes.emojiscape import other_sprites as sprites


def test_only_what_two_hands_have_drawn_is_kept_in_the_order_it_was_found():
    found = sprites.shared([{"b": "1", "a": "2"}, {"a": "3"}, {"c": "4", "b": "5"}])
    assert found == {"b": ["1", "5"], "a": ["2", "3"]}
    assert list(found) == ["b", "a"]
