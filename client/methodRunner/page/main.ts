import '../../query/grid/grid.css';
import { startPage } from '../../query/grid/startPage.ts';
import '../../query/grid/fields.css';
import './method.css';
import { MethodPage } from './methodPage.ts';

startPage((post) => new MethodPage(document.body, post));
